CREATE TABLE `requests` (
	`actor` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`target_id` text NOT NULL,
	`status` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`actor`, `key`)
);
