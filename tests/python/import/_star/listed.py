__all__ = ["shown", "_underscored"]
shown = 1
_underscored = 2
not_listed = 3
