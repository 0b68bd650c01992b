ALTER TABLE `events` ADD `write_id` integer;--> statement-breakpoint
ALTER TABLE `passes` ADD `write_id` integer;--> statement-breakpoint
ALTER TABLE `projects` ADD `write_id` integer;--> statement-breakpoint
ALTER TABLE `templates` ADD `write_id` integer;