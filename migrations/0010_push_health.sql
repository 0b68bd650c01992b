ALTER TABLE `push_control` ADD `swept_at` integer;--> statement-breakpoint
ALTER TABLE `push_control` ADD `started_at` integer;--> statement-breakpoint
ALTER TABLE `pass_types` ADD `push_first_failed_at` integer;--> statement-breakpoint
ALTER TABLE `pass_types` ADD `push_failed_at` integer;--> statement-breakpoint
ALTER TABLE `pass_types` ADD `push_failure` text;--> statement-breakpoint
ALTER TABLE `pass_types` ADD `push_checked_at` integer;--> statement-breakpoint
INSERT INTO `push_control` (`id`, `started_at`) VALUES (1, unixepoch() * 1000) ON CONFLICT (`id`) DO UPDATE SET `started_at` = excluded.`started_at`;
