CREATE TABLE `scans` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`scan_id` text NOT NULL,
	`pass_id` integer,
	`code_hash` text,
	`outcome` text NOT NULL,
	`value` text,
	`rule` text,
	`before` text,
	`revision` integer,
	`is_conflict` integer NOT NULL,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`place` text,
	`actor` text NOT NULL,
	`undone_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `scans_scan_id_unique` ON `scans` (`scan_id`);--> statement-breakpoint
CREATE INDEX `scans_at` ON `scans` (`at`);--> statement-breakpoint
CREATE INDEX `scans_place` ON `scans` (`place`,`at`) WHERE place IS NOT NULL;--> statement-breakpoint
CREATE INDEX `scans_pass` ON `scans` (`pass_id`,`at`) WHERE pass_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `templates` ADD `scan` text;--> statement-breakpoint
CREATE INDEX `templates_code_1` ON `templates` (pass ->> '$.barcodes[0].message') WHERE pass ->> '$.barcodes[0].message' <> '';--> statement-breakpoint
CREATE INDEX `templates_code_of_barcode` ON `templates` (pass ->> '$.barcode.message') WHERE pass ->> '$.barcode.message' <> '';--> statement-breakpoint
CREATE INDEX `events_code_1` ON `events` (pass ->> '$.barcodes[0].message') WHERE pass ->> '$.barcodes[0].message' <> '';--> statement-breakpoint
CREATE INDEX `events_code_of_barcode` ON `events` (pass ->> '$.barcode.message') WHERE pass ->> '$.barcode.message' <> '';