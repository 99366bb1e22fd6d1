"""Local place names: location text, postcode, UPRN, USRN or grid reference to a point, with its doubt."""
