-- Tokens in an upstream's total that are neither input nor output, and its usage object as it wrote it (JSON).
ALTER TABLE attempts ADD COLUMN other_tokens INTEGER;
ALTER TABLE attempts ADD COLUMN raw_usage TEXT;
