"""Setup.exe and a portable archive for Windows, built on Debian."""
