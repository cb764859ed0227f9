-- What an attempt's upstream was told for its prompt cache and what that saved, as JSON; null where neither is known.
ALTER TABLE attempts ADD COLUMN prompt_cache TEXT;
