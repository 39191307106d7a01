from alike import first, first_pairs

first |= first_pairs
