ALTER TABLE `events` ADD `without` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `passes` ADD `without` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
-- A null in the overrides took away what lies below. The key moves to "without". json_patch keeps the digits of all numbers.
UPDATE `passes` SET
  `without` = (SELECT json_group_array(key) FROM (SELECT DISTINCT CASE key WHEN 'barcode' THEN 'barcodes' ELSE key END AS key
    FROM json_each(`passes`.`pass`) WHERE type = 'null' AND NOT (key IN ('barcodes', 'barcode') AND EXISTS (
      SELECT 1 FROM json_each(`passes`.`pass`) AS other WHERE other.key IN ('barcodes', 'barcode') AND other.type <> 'null')))),
  `pass` = json_patch(`pass`, (SELECT json_group_object(key, NULL) FROM json_each(`passes`.`pass`) WHERE type = 'null'))
WHERE `pass` LIKE '%:null%' AND EXISTS (SELECT 1 FROM json_each(`passes`.`pass`) WHERE type = 'null');--> statement-breakpoint
UPDATE `events` SET
  `without` = (SELECT json_group_array(key) FROM (SELECT DISTINCT CASE key WHEN 'barcode' THEN 'barcodes' ELSE key END AS key
    FROM json_each(`events`.`pass`) WHERE type = 'null' AND NOT (key IN ('barcodes', 'barcode') AND EXISTS (
      SELECT 1 FROM json_each(`events`.`pass`) AS other WHERE other.key IN ('barcodes', 'barcode') AND other.type <> 'null')))),
  `pass` = json_patch(`pass`, (SELECT json_group_object(key, NULL) FROM json_each(`events`.`pass`) WHERE type = 'null'))
WHERE `pass` LIKE '%:null%' AND EXISTS (SELECT 1 FROM json_each(`events`.`pass`) WHERE type = 'null');
