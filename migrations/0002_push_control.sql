CREATE TABLE `push_control` (
	`id` integer PRIMARY KEY NOT NULL,
	`paused_at` integer,
	`pushes_per_second` integer
);
--> statement-breakpoint
ALTER TABLE `devices` ADD `pushed_at` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `pushed_through` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `push_score` real DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `devices_pushed_too_often` ON `devices` (`pass_type_identifier`) WHERE push_score > 10;--> statement-breakpoint
ALTER TABLE `pass_types` ADD `doubted_at` integer;