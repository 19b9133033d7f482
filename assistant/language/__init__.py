"""How people say things, in general: text, numbers, comparisons and time. Law: words live in the YAML of a locale; no word of any bank is known here."""
