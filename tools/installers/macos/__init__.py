"""The macOS app; not tried."""
