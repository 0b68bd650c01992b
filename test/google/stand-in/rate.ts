/** Google's limit of requests for each project, in any second. */

export function createRateLimit() {
  /** When the accepted requests of the last second came, in milliseconds. */
  const recent = new Map<string, number[]>();
  return {
    /** Whether one more request is allowed. Only allowed requests count. */
    allows(projectId: string, perSecond: number, now: number): boolean {
      const within = (recent.get(projectId) ?? []).filter((at) => at > now - 1000);
      const isAllowed = within.length < perSecond;
      recent.set(projectId, isAllowed ? [...within, now] : within);
      return isAllowed;
    },
  };
}
