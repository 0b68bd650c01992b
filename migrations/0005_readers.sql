ALTER TABLE `passes` RENAME COLUMN "bundle" TO "built_etag";--> statement-breakpoint
CREATE TABLE `readers` (
	`name` text PRIMARY KEY NOT NULL,
	`cursor` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `passes_leftover_bundle`;--> statement-breakpoint
CREATE INDEX `passes_leftover_built` ON `passes` (`id`) WHERE deleted_at IS NOT NULL AND built_etag IS NOT NULL;