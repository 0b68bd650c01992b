CREATE TABLE `object_uses` (
	`key` text NOT NULL,
	`owner` text NOT NULL,
	PRIMARY KEY(`key`, `owner`)
);
--> statement-breakpoint
CREATE INDEX `object_uses_owner` ON `object_uses` (`owner`);--> statement-breakpoint
CREATE TABLE `objects` (
	`key` text PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`claimed_at` integer
);
--> statement-breakpoint
DROP INDEX `passes_pack`;--> statement-breakpoint
DROP INDEX `passes_leftover_built`;--> statement-breakpoint
-- What the rows name now.
INSERT INTO `object_uses` (`key`, `owner`) SELECT `pack`, 'template:' || `id` FROM `templates` WHERE `deleted_at` IS NULL;--> statement-breakpoint
INSERT INTO `object_uses` (`key`, `owner`) SELECT DISTINCT 'assets/' || (`image`.`value` ->> 'sha256'), 'template:' || `templates`.`id`
FROM `templates`, json_each(`templates`.`images`) AS `image` WHERE `templates`.`deleted_at` IS NULL;--> statement-breakpoint
INSERT INTO `object_uses` (`key`, `owner`) SELECT `pack`, 'pass:' || `id` FROM `passes` WHERE `pack` IS NOT NULL;--> statement-breakpoint
-- What the rows of deleted templates named, and the folders of deleted passes.
INSERT INTO `objects` (`key`, `since`) SELECT `pack`, `deleted_at` FROM `templates` WHERE `deleted_at` IS NOT NULL;--> statement-breakpoint
INSERT INTO `objects` (`key`, `since`) SELECT 'assets/' || (`image`.`value` ->> 'sha256') AS `asset`, max(`templates`.`deleted_at`)
FROM `templates`, json_each(`templates`.`images`) AS `image` WHERE `templates`.`deleted_at` IS NOT NULL
GROUP BY `asset` HAVING `asset` NOT IN (SELECT `key` FROM `object_uses`);--> statement-breakpoint
INSERT INTO `objects` (`key`, `since`) SELECT 'built/' || `id` || '/', `deleted_at` FROM `passes` WHERE `deleted_at` IS NOT NULL;
