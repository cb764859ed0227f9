-- Which models may be asked for a key, as JSON; null: all.
ALTER TABLE keys ADD COLUMN policy TEXT;
