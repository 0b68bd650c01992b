ALTER TABLE `passes` ADD `voided_at` integer;--> statement-breakpoint
ALTER TABLE `passes` ADD `void_reason` text;