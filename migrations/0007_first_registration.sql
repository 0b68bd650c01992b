ALTER TABLE `passes` ADD `given_tag` integer;--> statement-breakpoint
ALTER TABLE `registrations` ADD `listed_from` integer DEFAULT 0 NOT NULL;