/**
 * The storage of this tab.
 */
import { openTextStore } from "../text-store.ts";

export const tabStore = openTextStore(() => sessionStorage);
