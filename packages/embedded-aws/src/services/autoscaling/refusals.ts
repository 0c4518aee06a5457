import { AwsError } from "../../engine/aws-error.ts";

export const invalid = (message: string): AwsError => new AwsError("ValidationError", message, { status: 400 });

/** @param given the request's members; anything but `built` is refused by its name */
export function requireBuilt(operation: string, given: object, built: ReadonlySet<string>): void {
  const other = Object.entries(given).find(
    ([name, value]) =>
      value !== undefined && value !== false && !built.has(name) && !(Array.isArray(value) && !value.length),
  );
  if (other) {
    throw new AwsError("NotImplemented", `autoscaling:${operation} is not built for ${other[0]}`, { status: 400 });
  }
}
