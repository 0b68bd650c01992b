CREATE TABLE `apns_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`team_identifier` text NOT NULL,
	`private_key` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `certificates` (
	`fingerprint` text PRIMARY KEY NOT NULL,
	`pass_type_identifier` text NOT NULL,
	`team_identifier` text NOT NULL,
	`public_key_hash` text NOT NULL,
	`certificate` text NOT NULL,
	`intermediate` text NOT NULL,
	`not_before_at` integer NOT NULL,
	`not_after_at` integer NOT NULL,
	`active_from_at` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `certificates_active` ON `certificates` (`pass_type_identifier`,`active_from_at`);--> statement-breakpoint
CREATE TABLE `changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`pass_type_identifier` text NOT NULL,
	`kind` text NOT NULL,
	`pass_id` integer,
	`template_id` integer,
	`actor` text NOT NULL,
	`detail` text,
	`at` integer NOT NULL,
	`push_at` integer NOT NULL,
	`queued_at` integer,
	`dispatched_at` integer
);
--> statement-breakpoint
CREATE INDEX `changes_undispatched` ON `changes` (`push_at`) WHERE dispatched_at IS NULL;--> statement-breakpoint
CREATE INDEX `changes_untold` ON `changes` (`pass_id`,`template_id`,`id`) WHERE dispatched_at IS NULL;--> statement-breakpoint
CREATE INDEX `changes_target` ON `changes` (`pass_id`,`template_id`,`id`);--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`message_id` text NOT NULL,
	`message` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dead_letters_message_id_unique` ON `dead_letters` (`message_id`);--> statement-breakpoint
CREATE TABLE `device_logs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`client` text NOT NULL,
	`message` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `devices` (
	`pass_type_identifier` text NOT NULL,
	`device_library_identifier` text NOT NULL,
	`push_token` text NOT NULL,
	`client` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`pass_type_identifier`, `device_library_identifier`)
);
--> statement-breakpoint
CREATE INDEX `devices_push_token` ON `devices` (`pass_type_identifier`,`push_token`);--> statement-breakpoint
CREATE TABLE `pass_tags` (
	`pass_id` integer NOT NULL,
	`tag` text NOT NULL,
	PRIMARY KEY(`pass_id`, `tag`)
);
--> statement-breakpoint
CREATE INDEX `pass_tags_tag` ON `pass_tags` (`tag`,`pass_id`);--> statement-breakpoint
CREATE TABLE `pass_types` (
	`pass_type_identifier` text PRIMARY KEY NOT NULL,
	`team_identifier` text,
	`proven_apns` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `passes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`pass_type_identifier` text NOT NULL,
	`serial_number` text NOT NULL,
	`template_id` integer NOT NULL,
	`external_id` text,
	`web_token` text NOT NULL,
	`token_key_id` text NOT NULL,
	`field_values` text NOT NULL,
	`pass` text NOT NULL,
	`barcode_message` text,
	`tag` integer DEFAULT 0 NOT NULL,
	`modified_at` integer DEFAULT 0 NOT NULL,
	`push_at` integer DEFAULT 0 NOT NULL,
	`redeemed_at` integer,
	`redemption_id` text,
	`bundle` text,
	`lifecycle_state` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `passes_serial_number` ON `passes` (`pass_type_identifier`,`serial_number`);--> statement-breakpoint
CREATE UNIQUE INDEX `passes_external_id` ON `passes` (`pass_type_identifier`,`external_id`);--> statement-breakpoint
CREATE INDEX `passes_template_modified` ON `passes` (`template_id`,`modified_at`);--> statement-breakpoint
CREATE INDEX `passes_template` ON `passes` (`template_id`,`id`);--> statement-breakpoint
CREATE INDEX `passes_leftover_bundle` ON `passes` (`id`) WHERE deleted_at IS NOT NULL AND bundle IS NOT NULL;--> statement-breakpoint
CREATE INDEX `passes_barcode_message` ON `passes` (`barcode_message`);--> statement-breakpoint
CREATE INDEX `passes_scanned_serial_number` ON `passes` (`serial_number`) WHERE barcode_message IS NULL;--> statement-breakpoint
CREATE TABLE `provider_tokens` (
	`key_id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`issued_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `registrations` (
	`pass_type_identifier` text NOT NULL,
	`device_library_identifier` text NOT NULL,
	`pass_id` integer NOT NULL,
	`template_id` integer NOT NULL,
	`push_token` text NOT NULL,
	`client` text NOT NULL,
	`registered_at` integer NOT NULL,
	PRIMARY KEY(`pass_type_identifier`, `device_library_identifier`, `pass_id`)
);
--> statement-breakpoint
CREATE INDEX `registrations_pass` ON `registrations` (`pass_id`,`client`,`push_token`);--> statement-breakpoint
CREATE INDEX `registrations_template` ON `registrations` (`template_id`,`client`,`push_token`);--> statement-breakpoint
CREATE INDEX `registrations_push_token` ON `registrations` (`pass_type_identifier`,`push_token`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`pass_type_identifier` text NOT NULL,
	`public_key_hash` text NOT NULL,
	`algorithm` text NOT NULL,
	`private_key` text NOT NULL,
	`csr` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`pass_type_identifier`, `public_key_hash`)
);
--> statement-breakpoint
CREATE TABLE `templates` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`pass_type_identifier` text NOT NULL,
	`external_id` text,
	`name` text NOT NULL,
	`pass` text NOT NULL,
	`fields` text NOT NULL,
	`images` text NOT NULL,
	`strings` text NOT NULL,
	`pack` text NOT NULL,
	`tag` integer DEFAULT 0 NOT NULL,
	`modified_at` integer DEFAULT 0 NOT NULL,
	`push_at` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `templates_external_id` ON `templates` (`pass_type_identifier`,`external_id`);--> statement-breakpoint
CREATE INDEX `templates_pack` ON `templates` (`pack`);