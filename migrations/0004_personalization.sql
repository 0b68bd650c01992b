CREATE TABLE `personalizations` (
	`pass_id` integer PRIMARY KEY NOT NULL,
	`info` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `passes` ADD `personalized_at` integer;--> statement-breakpoint
ALTER TABLE `templates` ADD `personalization` text;