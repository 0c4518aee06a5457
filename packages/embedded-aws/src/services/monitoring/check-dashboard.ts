/** Kinds of widgets (CloudWatch API reference, "Dashboard body structure and syntax"). */
const TYPES: ReadonlySet<unknown> = new Set(["metric", "text", "log", "alarm", "explorer", "custom"]);

const COLUMNS = 24;
const ROWS = 1_000;
const MOST_WIDGETS = 500;
const MOST_METRICS = 500;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is wrong with a dashboard's body, each with its path; nothing where it can be shown. */
export function findFaults(body: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    return [String(error)];
  }
  if (!isMembers(parsed)) return ["expected an object"];
  const { widgets } = parsed;
  if (!Array.isArray(widgets)) return ["/widgets: expected an array"];
  if (widgets.length > MOST_WIDGETS) return [`/widgets: at most ${MOST_WIDGETS}, found ${widgets.length}`];
  return widgets.flatMap((widget, n) => faultsOf(widget).map((fault) => `/widgets/${n}${fault}`));
}

function faultsOf(widget: unknown): string[] {
  if (!isMembers(widget)) return [": expected an object"];
  const { type, x, y, width = 6, height = 6, properties } = widget;
  const faults: string[] = [];
  if (!TYPES.has(type)) faults.push(`/type: expected one of ${[...TYPES].join(", ")}, found ${type}`);
  if (!isMembers(properties)) faults.push("/properties: expected an object");
  if (!isIn(width, 1, COLUMNS)) faults.push(`/width: expected 1 to ${COLUMNS}, found ${width}`);
  if (!isIn(height, 1, ROWS)) faults.push(`/height: expected 1 to ${ROWS}, found ${height}`);
  if ((x === undefined) !== (y === undefined)) faults.push(": x and y come together");
  if (x !== undefined && !isIn(x, 0, COLUMNS - 1)) faults.push(`/x: expected 0 to ${COLUMNS - 1}, found ${x}`);
  return [...faults, ...(isMembers(properties) ? faultsOfProperties(type, properties) : [])];
}

function faultsOfProperties(type: unknown, { markdown, alarms, metrics, region, annotations }: Members): string[] {
  switch (type) {
    case "text":
      return typeof markdown === "string" ? [] : ["/properties/markdown: expected a string"];
    case "alarm":
      return Array.isArray(alarms) ? [] : ["/properties/alarms: expected an array"];
    case "metric": {
      if (typeof region !== "string") return ["/properties/region: expected a region"];
      if (metrics === undefined) return annotations ? [] : ["/properties: expected metrics or annotations"];
      if (!Array.isArray(metrics)) return ["/properties/metrics: expected an array"];
      return metrics.length > MOST_METRICS ? [`/properties/metrics: at most ${MOST_METRICS}`] : [];
    }
    default:
      return [];
  }
}

const isIn = (value: unknown, from: number, to: number): boolean =>
  Number.isInteger(value) && Number(value) >= from && Number(value) <= to;
