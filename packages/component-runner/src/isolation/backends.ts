import { bubblewrap } from "./bubblewrap/bubblewrap.ts";
import { engine } from "./engine/engine.ts";
import { namespaces } from "./namespaces/namespaces.ts";
import { type Backend, type BackendName, SystemError } from "./system.ts";
import { vm } from "./vm/vm.ts";

/** In order of preference; those after bubblewrap are chosen only by name. */
export const backends: readonly Backend[] = [namespaces, bubblewrap, engine("docker"), engine("podman"), vm];

const UNNAMED: readonly BackendName[] = ["namespaces", "bubblewrap"];

interface ChosenBackend {
  readonly backend: Backend;
  /** What documents will miss in this backend, for the first lines of the output. */
  readonly note?: string;
}

/**
 * @param name from `--in`; default: the first backend that the machine can run
 * @throws SystemError listing what each backend lacks on this machine
 */
export async function chooseBackend(name: BackendName | undefined, from = backends): Promise<ChosenBackend> {
  const lacking: string[] = [];
  for (const backend of from.filter((one) => !name || one.name === name)) {
    const missing = await backend.missing();
    if (missing.length === 0 && (name || UNNAMED.includes(backend.name))) return { backend, ...noteOf(backend) };
    const state = missing.length > 0 ? `missing ${missing.join("; ")}` : `available by --in ${backend.name}`;
    lacking.push(`\n  ${backend.name}: ${state}`);
  }
  const where = name ? `in ${name}` : "for real";
  throw new SystemError(`Documents cannot run ${where} on this machine:${lacking.join("")}`);
}

const noteOf = ({ hasInit, name }: Backend): { readonly note?: string } =>
  hasInit ? {} : { note: `${name} runs build phases only: it has no init system, so services do not start` };
