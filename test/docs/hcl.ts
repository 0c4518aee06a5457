import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * What `terraform fmt` has against a text: an error of its parser, or that it would format it otherwise. Packer's language
 * has the same syntax, HCL 2.
 */
export async function hclErrors(text: string): Promise<string> {
  const child = spawn("terraform", ["fmt", "-no-color", "-"], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent", CHECKPOINT_DISABLE: "1" },
  });
  let formatted = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (formatted += chunk));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk));
  child.stdin.end(text);
  const [code] = await once(child, "close");
  if (code !== 0) return errors;
  return formatted === text ? "" : `terraform fmt writes:\n${formatted}`;
}
