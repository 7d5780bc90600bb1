"""What every report says, as frozen display strings; PDF, web page and Word print the same content."""
