CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`project_id` integer NOT NULL,
	`external_id` text,
	`name` text NOT NULL,
	`field_values` text NOT NULL,
	`pass` text NOT NULL,
	`tag` integer DEFAULT 0 NOT NULL,
	`modified_at` integer DEFAULT 0 NOT NULL,
	`push_at` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_external_id` ON `events` (`project_id`,`external_id`);--> statement-breakpoint
CREATE INDEX `events_project` ON `events` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `events_modified` ON `events` (`modified_at`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`external_id` text,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `projects_external_id_unique` ON `projects` (`external_id`);--> statement-breakpoint
DROP INDEX `passes_barcode_message`;--> statement-breakpoint
DROP INDEX `passes_scanned_serial_number`;--> statement-breakpoint
ALTER TABLE `passes` ADD `event_id` integer;--> statement-breakpoint
ALTER TABLE `passes` ADD `barcode_alt_text` text;--> statement-breakpoint
ALTER TABLE `passes` ADD `scanned_code` text GENERATED ALWAYS AS (coalesce(barcode_message, json_extract(pass, '$.barcodes[0].message'), json_extract(pass, '$.barcode.message'), serial_number)) VIRTUAL;--> statement-breakpoint
ALTER TABLE `passes` ADD `images` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `passes` ADD `pack` text;--> statement-breakpoint
ALTER TABLE `passes` ADD `installed_at` integer;--> statement-breakpoint
ALTER TABLE `passes` ADD `uninstalled_at` integer;--> statement-breakpoint
CREATE INDEX `passes_event_modified` ON `passes` (`event_id`,`modified_at`) WHERE event_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `passes_event` ON `passes` (`event_id`,`id`) WHERE event_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `passes_web_token` ON `passes` (`web_token`);--> statement-breakpoint
CREATE INDEX `passes_pack` ON `passes` (`pack`) WHERE pack IS NOT NULL;--> statement-breakpoint
CREATE INDEX `passes_scanned_code` ON `passes` (`scanned_code`);--> statement-breakpoint
DROP INDEX `changes_untold`;--> statement-breakpoint
DROP INDEX `changes_target`;--> statement-breakpoint
ALTER TABLE `changes` ADD `event_id` integer;--> statement-breakpoint
CREATE INDEX `changes_untold` ON `changes` (`pass_id`,`template_id`,`event_id`,`id`) WHERE dispatched_at IS NULL;--> statement-breakpoint
CREATE INDEX `changes_target` ON `changes` (`pass_id`,`template_id`,`event_id`,`id`);--> statement-breakpoint
DROP INDEX `registrations_pass`;--> statement-breakpoint
DROP INDEX `registrations_template`;--> statement-breakpoint
ALTER TABLE `registrations` ADD `event_id` integer;--> statement-breakpoint
CREATE INDEX `registrations_event` ON `registrations` (`event_id`,`client`,`pass_type_identifier`,`push_token`) WHERE event_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `registrations_pass` ON `registrations` (`pass_id`,`client`,`pass_type_identifier`,`push_token`);--> statement-breakpoint
CREATE INDEX `registrations_template` ON `registrations` (`template_id`,`client`,`pass_type_identifier`,`push_token`);--> statement-breakpoint
ALTER TABLE `templates` ADD `project_id` integer;--> statement-breakpoint
ALTER TABLE `templates` ADD `web_service` text DEFAULT '/' NOT NULL;--> statement-breakpoint
CREATE INDEX `templates_project` ON `templates` (`project_id`,`id`);--> statement-breakpoint
CREATE INDEX `templates_modified` ON `templates` (`modified_at`);--> statement-breakpoint
-- What is registered already is installed.
UPDATE `passes` SET `installed_at` = (SELECT min(`registered_at`) FROM `registrations` WHERE `registrations`.`pass_id` = `passes`.`id`)
WHERE `id` IN (SELECT `pass_id` FROM `registrations`);
