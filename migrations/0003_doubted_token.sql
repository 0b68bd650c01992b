ALTER TABLE `pass_types` ADD `doubted_token` text;--> statement-breakpoint
CREATE INDEX `dead_letters_received_at` ON `dead_letters` (`received_at`);