CREATE TABLE `google_classes` (
	`issuer_id` text NOT NULL,
	`template_id` integer NOT NULL,
	`event_id` integer NOT NULL,
	`type` text NOT NULL,
	`resource_id` text NOT NULL,
	`sent` text NOT NULL,
	`sent_at` integer NOT NULL,
	PRIMARY KEY(`template_id`, `event_id`, `issuer_id`, `type`)
);
--> statement-breakpoint
CREATE TABLE `google_issuers` (
	`issuer_id` text PRIMARY KEY NOT NULL,
	`client_email` text NOT NULL,
	`private_key_id` text NOT NULL,
	`private_key` text NOT NULL,
	`id_prefix` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`checked_at` integer,
	`check_problem` text
);
--> statement-breakpoint
CREATE TABLE `google_objects` (
	`issuer_id` text NOT NULL,
	`pass_id` integer NOT NULL,
	`type` text NOT NULL,
	`resource_id` text NOT NULL,
	`class_id` text NOT NULL,
	`sent` text NOT NULL,
	`sent_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`pass_id`, `issuer_id`, `type`)
);
--> statement-breakpoint
CREATE INDEX `google_objects_class` ON `google_objects` (`issuer_id`,`class_id`,`pass_id`);--> statement-breakpoint
CREATE TABLE `google_tokens` (
	`issuer_id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `templates` ADD `google` text;