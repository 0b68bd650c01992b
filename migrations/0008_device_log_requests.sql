CREATE TABLE `__new_device_logs` (
	`id` integer PRIMARY KEY NOT NULL,
	`client` text NOT NULL,
	`messages` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
-- The newest 1,000 lines are kept, each as a request of one line.
INSERT INTO `__new_device_logs`("id", "client", "messages", "received_at") SELECT "id", "client", json_array("message"), "received_at" FROM `device_logs` WHERE "id" > (SELECT max("id") FROM `device_logs`) - 1000;--> statement-breakpoint
DROP TABLE `device_logs`;--> statement-breakpoint
ALTER TABLE `__new_device_logs` RENAME TO `device_logs`;
