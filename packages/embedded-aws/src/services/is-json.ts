/** Whether a text is JSON, which some inputs of rules, schedules and alarms must be. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
