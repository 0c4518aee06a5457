import { cancel, isCancel, select, text } from "@clack/prompts";
import { type Answers, architectures, defaults, faultOf, faultOfRegions, systems, toRegions } from "./answers.ts";

/**
 * Prompts for values that were not given on the command line.
 * @returns undefined if the user cancels
 */
export async function ask(given: Partial<Answers>, name: string): Promise<Answers | undefined> {
  const typed = (message: string, initialValue: string, validate: (value: string) => string | undefined) =>
    text({ message, initialValue, validate: (value = "") => validate(value) });
  const chosen = <Value extends string>(message: string, values: readonly Value[]) =>
    select<string>({ message, options: values.map((value) => ({ value })) }) as Promise<Value | symbol>;
  const answers = {
    name: () => typed("Name of the factory", name, (value) => faultOf("name", value)),
    regions: () =>
      typed("Regions to publish in; images are built in the first", defaults.regions.join(", "), (value) =>
        faultOfRegions(toRegions(value)),
      ),
    account: () =>
      typed("Id of the account that builds and publishes", defaults.account, (value) => faultOf("account", value)),
    organization: () =>
      typed("Id of the AWS Organization", defaults.organization, (value) => faultOf("organization", value)),
    managementAccount: () =>
      typed("Id of its management account", defaults.managementAccount, (value) => faultOf("managementAccount", value)),
    os: () => chosen("Operating system of the first image", systems),
    architecture: () => chosen("Architecture of the first image", architectures),
  };
  const said: Record<string, unknown> = { ...given };
  for (const [key, answer] of Object.entries(answers)) {
    if (said[key] !== undefined) continue;
    const value = await answer();
    if (isCancel(value)) {
      cancel("Cancelled. No files were written.");
      return undefined;
    }
    said[key] = key === "regions" ? toRegions(String(value)) : value;
  }
  return said as unknown as Answers;
}
