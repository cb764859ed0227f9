-- What became of the thinking that was asked for, as JSON; null where nothing was.
ALTER TABLE attempts ADD COLUMN thinking TEXT;
