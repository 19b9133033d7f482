"""What exists in the bank: tags, record sets, concepts, organisation, calendar."""
