import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly name: string;
  readonly action: string;
  readonly inputs: { readonly commands: readonly string[] };
}
interface Document {
  readonly parameters?: readonly Record<string, { readonly default: string }>[];
  readonly constants?: readonly Record<string, { readonly value: string }>[];
  readonly phases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

/** The machine's contents from its parent image. */
export interface Parent {
  /** Programs of this computer that it also has; no others exist there. */
  readonly programs: readonly string[];
  /** Its own commands, as bash scripts; `$ROOT` is its root. */
  readonly commands?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Services that start at boot: a script that ends with 0 leaves the service running. */
  readonly services?: Readonly<Record<string, string>>;
  /** The kernel's defaults. */
  readonly kernel?: Readonly<Record<string, string>>;
}

/** GNU coreutils, and programs installed with them everywhere. */
export const COREUTILS =
  "bash cat chmod cp cut dirname env grep head id install ln ls mkdir mktemp mv rm sed sleep sort tail test timeout touch tr true".split(
    " ",
  );

/** The part of systemd that component documents use: services, and their enabled, masked and active states, are files. */
const SYSTEMCTL = `
set -u
now= quiet= verb= ; units=()
for word in "$@"; do
  case "$word" in
    --now) now=yes ;;
    --quiet) quiet=yes ;;
    --*) ;;
    *) if [ -z "$verb" ]; then verb="$word"; else units+=("\${word%.service}"); fi ;;
  esac
done
state="$ROOT/systemd"
for unit in "\${units[@]:-}"; do
  case "$verb" in
    enable) touch "$state/enabled/$unit"; if [ -n "$now" ]; then systemctl start "$unit"; fi ;;
    disable) rm -f "$state/enabled/$unit"; if [ -n "$now" ]; then rm -f "$state/active/$unit"; fi ;;
    mask) touch "$state/masked/$unit"; if [ -n "$now" ]; then rm -f "$state/active/$unit"; fi ;;
    stop) rm -f "$state/active/$unit" ;;
    start|restart)
      if [ -e "$state/masked/$unit" ]; then echo "Unit $unit.service is masked." >&2; exit 1; fi
      if bash "$state/units/$unit"; then touch "$state/active/$unit"; else rm -f "$state/active/$unit"; fi ;;
    cat) [ -e "$state/units/$unit" ] || exit 1 ;;
    is-active)
      if [ -e "$state/active/$unit" ]; then word=active; else word=inactive; fi
      if [ -z "$quiet" ]; then echo "$word"; fi
      [ "$word" = active ] || exit 3 ;;
    is-enabled)
      if [ -e "$state/masked/$unit" ]; then echo masked; exit 1; fi
      if [ -e "$state/enabled/$unit" ]; then echo enabled; else echo disabled; exit 1; fi ;;
    is-system-running) echo running ;;
    *) echo "this systemctl does not know '$verb'" >&2; exit 1 ;;
  esac
done
`;

const SYSCTL = `
case "$1" in
  --load=*) sed -n 's/[[:space:]]*=[[:space:]]*/ /p' "\${1#--load=}" |
    while read -r name value; do printf '%s\\n' "$value" > "$ROOT/kernel/$name"; done ;;
  --values) cat "$ROOT/kernel/$2" ;;
  *) echo "this sysctl does not know '$1'" >&2; exit 1 ;;
esac
`;

/** A program of this computer. */
function find(program: string): string {
  const found = (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`This computer has no ${program}.`);
  return found;
}

const UNSHARE = find("unshare");

/** Separate mounts and network; unprivileged users become root only inside. */
const ALONE = ["--mount", "--net", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"])];

/** Makes every mount but the machine's folder read-only, and then runs the script from standard input. */
const ENTER = `
set -e
${find("mount")} --bind "$ROOT" "$ROOT"
while read -r _ _ _ _ point _; do
  if [ "$point" != "$ROOT" ]; then ${find("mount")} -o remount,bind,ro "$point" 2> /dev/null || true; fi
done < /proc/self/mountinfo
set +e
exec ${find("bash")} --norc
`;

/**
 * A Linux machine in a folder. Bash carries out what component documents say, with the machine's files in place of this
 * computer's and its commands in place of those that would change this computer. Nothing outside the folder can be written,
 * and no network reached.
 */
export function aMachine({ programs, commands = {}, files = {}, services = {}, kernel = {} }: Parent) {
  const root = mkdtempSync(join(tmpdir(), "machine-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const bin = join(root, "bin");
  const env = { PATH: bin, ROOT: root, TMPDIR: join(root, "tmp") };
  const inside = (text: string) => text.replace(/(?<![\w.$"}/])\/(?=(etc|opt|run|tmp|usr|var)\/)/g, `${root}/`);
  const at = (path: string) => join(root, path);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  for (const folder of [
    "bin",
    "tmp",
    "kernel",
    "systemd/units",
    "systemd/enabled",
    "systemd/masked",
    "systemd/active",
  ]) {
    mkdirSync(at(folder), { recursive: true });
  }
  for (const program of programs) symlinkSync(find(program), join(bin, program));
  for (const [name, script] of Object.entries({ systemctl: SYSTEMCTL, sysctl: SYSCTL, ...commands })) {
    write(`bin/${name}`, `#!/usr/bin/env bash\n${script}`);
    chmodSync(join(bin, name), 0o755);
  }
  for (const [path, text] of Object.entries(files)) write(path, text);
  for (const [unit, script] of Object.entries(services)) {
    write(`systemd/units/${unit}`, script);
    write(`systemd/enabled/${unit}`, "");
  }
  const run = (script: string) => {
    const { status, stdout, stderr } = spawnSync(UNSHARE, [...ALONE, find("bash"), "--norc", "-c", ENTER], {
      input: inside(script),
      encoding: "utf8",
      env,
    });
    return { status, stdout, stderr: stderr.replaceAll(root, "") };
  };

  return {
    run,
    write,
    read: (path: string) => (existsSync(at(path)) ? readFileSync(at(path), "utf8") : undefined),
    /** The kernel's own settings, then those of /etc/sysctl.d, then the services. */
    boot() {
      for (const [name, value] of Object.entries(kernel)) write(`kernel/${name}`, `${value}\n`);
      return run(`
        rm -f "$ROOT"/systemd/active/*
        for file in "$ROOT"/etc/sysctl.d/*.conf; do if [ -e "$file" ]; then sysctl --load="$file"; fi; done
        for unit in "$ROOT"/systemd/enabled/*; do
          if [ -e "$unit" ]; then systemctl start "\${unit##*/}" || true; fi
        done`);
    },
    /** Carries out a document's phases, up to the first step that fails; its reboots are boots. */
    play(file: string, ...phases: readonly string[]): { readonly failed?: string; readonly stderr: string } {
      const document = parse(
        readFileSync(new URL(`../../images/components/${file}`, import.meta.url), "utf8"),
      ) as Document;
      const values = [
        ...(document.parameters ?? []).flatMap((one) =>
          Object.entries(one).map(([name, each]) => [name, each.default]),
        ),
        ...(document.constants ?? []).flatMap((one) => Object.entries(one).map(([name, each]) => [name, each.value])),
      ] as [string, string][];
      for (const { name: phase, steps } of document.phases.filter(({ name }) => phases.includes(name))) {
        for (const { name, action, inputs } of steps) {
          if (action === "Reboot") {
            this.boot();
            continue;
          }
          if (action !== "ExecuteBash") throw new Error(`${file}: ${name} is ${action}, which is not carried out here`);
          const script = values.reduce(
            (text, [key, value]) => text.replaceAll(`{{ ${key} }}`, value),
            inputs.commands.join("\n"),
          );
          const { status, stderr } = run(script);
          if (status !== 0) return { failed: `${phase}.${name}`, stderr };
        }
      }
      return { stderr: "" };
    },
  };
}
