-- Where the price was read that an attempt is charged at, such as the catalogue; null where that is not said.
ALTER TABLE attempts ADD COLUMN price_source TEXT;
