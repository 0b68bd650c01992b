CREATE TABLE `google_nonces` (
	`issuer_id` text NOT NULL,
	`nonce` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`issuer_id`, `nonce`)
);
--> statement-breakpoint
CREATE INDEX `google_nonces_expiry` ON `google_nonces` (`expires_at`);--> statement-breakpoint
CREATE TABLE `google_root_keys` (
	`id` integer PRIMARY KEY NOT NULL,
	`keys` text NOT NULL,
	`fetched_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `passes` ADD `google_installed_at` integer;--> statement-breakpoint
ALTER TABLE `passes` ADD `google_uninstalled_at` integer;--> statement-breakpoint
ALTER TABLE `passes` ADD `google_callback_at` integer;--> statement-breakpoint
ALTER TABLE `templates` ADD `wallets` text;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `generation` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `send_at` integer;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `claimed_until` integer;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `problem` text;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `gave_up_at` integer;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `shown_texts` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `notified_at` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `object_basis` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `google_classes` ADD `stale_through` integer;--> statement-breakpoint
CREATE INDEX `google_classes_event` ON `google_classes` (`event_id`,`issuer_id`);--> statement-breakpoint
CREATE INDEX `google_classes_due` ON `google_classes` (`issuer_id`,`send_at`) WHERE send_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `google_classes_stale_through` ON `google_classes` (`issuer_id`) WHERE stale_through IS NOT NULL;--> statement-breakpoint
ALTER TABLE `google_objects` ADD `generation` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `google_objects` ADD `send_at` integer;--> statement-breakpoint
ALTER TABLE `google_objects` ADD `claimed_until` integer;--> statement-breakpoint
ALTER TABLE `google_objects` ADD `attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `google_objects` ADD `problem` text;--> statement-breakpoint
ALTER TABLE `google_objects` ADD `gave_up_at` integer;--> statement-breakpoint
ALTER TABLE `google_objects` ADD `shown_texts` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `google_objects` ADD `notified_at` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `google_objects_due` ON `google_objects` (`issuer_id`,`send_at`,`pass_id`) WHERE send_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `google_objects_gave_up` ON `google_objects` (`issuer_id`,`gave_up_at`) WHERE gave_up_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `pass_types` ADD `wallets` text DEFAULT 'both' NOT NULL;--> statement-breakpoint
INSERT OR IGNORE INTO `readers` (`name`, `cursor`) SELECT 'google:' || `issuer_id`, (SELECT coalesce(max(`id`), 0) FROM `changes`) FROM `google_issuers`;--> statement-breakpoint
UPDATE `google_classes` SET `generation` = 1, `send_at` = 0;--> statement-breakpoint
UPDATE `google_objects` SET `generation` = 1, `send_at` = 0;
