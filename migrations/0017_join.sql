CREATE TABLE `join_counts` (
	`template_id` integer NOT NULL,
	`day` integer NOT NULL,
	`network` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`template_id`, `day`, `network`)
);
--> statement-breakpoint
ALTER TABLE `templates` ADD `join` text;--> statement-breakpoint
CREATE UNIQUE INDEX `templates_join_slug` ON `templates` ("join" ->> 'slug') WHERE deleted_at IS NULL AND "join" IS NOT NULL;