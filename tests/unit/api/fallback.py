try:
    import damaged
except ImportError:
    import missing
