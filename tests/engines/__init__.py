"""The page in Firefox and in WebKit, by their own drivers: make browsers."""
