/**
 * The dashboard, the page at /admin/.
 */
import { render } from "preact";
import "./dashboard.css";
import { DashboardApp } from "./app.tsx";
import { ignoreFilesNextToFields } from "./chosen-file.ts";

ignoreFilesNextToFields();
const app = document.querySelector("#app");
if (app !== null) render(<DashboardApp />, app);
