import { defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import { AwsError } from "../engine/operation.ts";
import { accountPrincipal, type Principal } from "../engine/principal.ts";

/** Temporary keys, as STS returns them. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

interface Session {
  readonly principal: Principal;
  readonly sessionToken: string;
  /** Milliseconds since the epoch; undefined: never. */
  readonly expiresAt: number | undefined;
}

const sessions = defineState("credentials", () => new Map<string, Session>());

/**
 * Resolves access keys to principals. Signatures are not checked, because the keys protect nothing on a laptop: tests sign with
 * an account's id and an arbitrary secret. A valid key id is enough.
 */
export class Credentials {
  readonly #aws: EmbeddedAws;
  readonly #sessions: Map<string, Session>;

  constructor(aws: EmbeddedAws) {
    this.#aws = aws;
    this.#sessions = aws.state(sessions, "", "");
  }

  /** @param expiresAt milliseconds since the epoch; omitted: the keys never expire */
  issue(principal: Principal, expiresAt?: number): SessionKeys {
    const keys = {
      accessKeyId: `ASIA${this.#aws.hexId(16).toUpperCase()}`,
      secretAccessKey: this.#aws.hexId(13).repeat(4).slice(0, 40),
      sessionToken: Buffer.from(`session:${this.#aws.uuid()}`).toString("base64"),
    };
    this.#sessions.set(keys.accessKeyId, { principal, sessionToken: keys.sessionToken, expiresAt });
    return keys;
  }

  /**
   * A 12-digit key is that account; any other key must have been issued here, and needs its session token.
   * @throws AwsError InvalidClientTokenId, ExpiredToken
   */
  principal(accessKeyId: string, sessionToken?: string): Principal {
    if (/^\d{12}$/.test(accessKeyId)) return accountPrincipal(accessKeyId);
    const session = this.#sessions.get(accessKeyId);
    if (!session || session.sessionToken !== sessionToken) {
      throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", {
        status: 403,
      });
    }
    if (session.expiresAt !== undefined && session.expiresAt <= this.#aws.clock.now()) {
      this.#sessions.delete(accessKeyId);
      throw new AwsError("ExpiredToken", "The security token included in the request is expired", { status: 403 });
    }
    return session.principal;
  }
}

export const credentialsOf = (aws: EmbeddedAws): Credentials => new Credentials(aws);
