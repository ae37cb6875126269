"""A phone network that exists only on this machine: it speaks Twilio's API and tells nobody."""
