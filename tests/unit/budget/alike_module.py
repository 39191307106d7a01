from alike import second, second_pairs

second |= second_pairs
