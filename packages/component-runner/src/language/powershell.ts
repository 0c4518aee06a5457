/** Why PowerShell would refuse to run a script. */
export interface PowerShellFault {
  /** PowerShell's message, if known. */
  readonly message: string;
  /** From the script's beginning, in characters. */
  readonly offset: number;
}

/**
 * Checks a script's structure: quotes, here-strings, comments, brackets, and the parts of `if`, `for`, `foreach`,
 * `while`, `do`, `switch` and `try`. Operators, parameters, types and commands are not checked. By "about_Parsing",
 * "about_Quoting_Rules" and the grammar in the Windows PowerShell 5.1 language specification.
 * @returns the first fault; undefined if there is none
 */
export function checkPowerShell(script: string): PowerShellFault | undefined {
  try {
    new Script(script).read();
    return undefined;
  } catch (error) {
    if (error instanceof Faulty) return error.fault;
    throw error;
  }
}

class Faulty extends Error {
  readonly fault: PowerShellFault;
  constructor(message: string, offset: number) {
    super(message);
    this.fault = { message, offset };
  }
}

/** Typographic quotes count as plain ones. */
const SINGLE = "'\u2018\u2019\u201a\u201b";
const DOUBLE = '"\u201c\u201d\u201e';
const BLANK = /[\s;]/;
/** More nested brackets and strings than any real script has. */
const DEEPEST = 200;
/** After other characters, `#` is part of a word. */
const WORD_END = /[\s;(){}|&,=]/;
const CONDITIONAL = ["if", "elseif", "while", "for", "foreach"];
const STATEMENTS = [...CONDITIONAL, "switch", "do", "try"];
const PARTS: Readonly<Record<string, string>> = { else: "if", elseif: "if", catch: "try", finally: "try", until: "do" };
const BASH = ["then", "fi", "done", "esac", "elif"];

class Script {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): void {
    this.#statements(undefined, 0);
  }

  #statements(close: ")" | "}" | undefined, opened: number): void {
    if (++this.#depth > DEEPEST) throw new Faulty(`More than ${DEEPEST} nested brackets.`, opened);
    for (;;) {
      this.#skipBlank();
      const next = this.#text[this.#at];
      if (next === undefined) {
        if (close === undefined) return;
        const where = close === "}" ? "statement block or type definition" : "expression";
        throw new Faulty(`Missing closing '${close}' in ${where}.`, opened);
      }
      if (next === close) {
        this.#at++;
        this.#depth--;
        return;
      }
      if (next === ")" || next === "}") {
        throw new Faulty(`Unexpected token '${next}' in expression or statement.`, this.#at);
      }
      this.#statement();
    }
  }

  #statement(): void {
    const word = this.#keyword();
    const begin = this.#at;
    if (word === undefined || this.#isKey(begin + word.length)) {
      this.#pipeline();
      return;
    }
    if (BASH.includes(word) && !/^\s*[{(]/.test(this.#text.slice(begin + word.length)))
      throw new Faulty(`'${word}' is a bash keyword, not a PowerShell keyword.`, begin);
    const whole = PARTS[word];
    if (whole) throw new Faulty(`'${word}' does not follow a block of '${whole}'.`, begin);
    if (STATEMENTS.includes(word)) this.#at += word.length;
    if (!STATEMENTS.includes(word)) this.#pipeline();
    else if (word === "try") this.#try(begin);
    else if (word === "do") this.#do(begin);
    else if (word === "switch") this.#switch(begin);
    else this.#conditional(word, begin);
  }

  #conditional(word: string, begin: number): void {
    this.#condition(word, begin);
    this.#block(`Missing statement block after ${word} ( condition ).`, begin);
    if (word !== "if" && word !== "elseif") return;
    const next = this.#takeAny("elseif", "else");
    if (next === "elseif") this.#conditional("elseif", begin);
    else if (next) this.#block("Missing statement block after 'else' keyword.", begin);
  }

  #try(begin: number): void {
    this.#block("The Try statement is missing its statement block.", begin);
    let parts = 0;
    for (let next = this.#takeAny("catch", "finally"); next; next = this.#takeAny("catch", "finally")) {
      parts++;
      // Types can stand between `catch` and its block.
      while (next === "catch" && this.#at < this.#text.length && this.#text[this.#at] !== "{") this.#token();
      this.#block(`The ${next} block is missing its statement block.`, begin);
    }
    if (parts === 0) throw new Faulty("The Try statement is missing its Catch or Finally block.", begin);
  }

  #do(begin: number): void {
    this.#block("Missing statement body in do loop.", begin);
    const word = this.#takeAny("while", "until");
    if (!word) throw new Faulty("Missing while or until keyword in do loop.", begin);
    this.#condition(word, begin);
  }

  #switch(begin: number): void {
    while (this.#at < this.#text.length && !"({".includes(this.#text[this.#at] ?? "")) this.#token();
    if (this.#text[this.#at] === "(") this.#token();
    this.#block("Missing condition in switch statement clause.", begin);
  }

  #condition(word: string, begin: number): void {
    this.#skipBlank();
    if (this.#text[this.#at] !== "(") throw new Faulty(`Missing '(' after '${word}' in ${word} statement.`, begin);
    this.#token();
  }

  #block(missing: string, begin: number): void {
    this.#skipBlank();
    if (this.#text[this.#at] !== "{") throw new Faulty(missing, begin);
    this.#token();
  }

  /** To the end of a statement that does not begin with a keyword. */
  #pipeline(): void {
    while (this.#at < this.#text.length) {
      const next = this.#text[this.#at] ?? "";
      if (next === "\n" || next === ";" || next === ")" || next === "}") return;
      this.#token();
      if (next !== "|" && next !== "," && next !== "=") continue;
      this.#skipBlank();
      // A statement can be a value, with its parts on separate lines.
      const word = next === "=" ? this.#keyword() : undefined;
      if (word === undefined || !STATEMENTS.includes(word)) continue;
      this.#statement();
      return;
    }
  }

  /** One character of a word, or a complete string, comment, or bracket. */
  #token(): void {
    const begin = this.#at;
    const next = this.#text[begin] ?? "";
    if (next === "`") this.#at += 2;
    else if (this.#isComment()) this.#comment();
    else if (next === "@" && (SINGLE + DOUBLE).includes(this.#text[begin + 1] ?? " ")) this.#hereString();
    else if (SINGLE.includes(next)) this.#single();
    else if (DOUBLE.includes(next)) this.#double();
    else if (next === "$" && this.#text[begin + 1] === "{") this.#variable();
    else if (next === "(" || next === "{") {
      this.#at++;
      this.#statements(next === "(" ? ")" : "}", begin);
    } else if (this.#text.startsWith("--%", begin) && WORD_END.test(this.#text[begin - 1] ?? " ")) {
      const end = this.#text.indexOf("\n", begin);
      this.#at = end < 0 ? this.#text.length : end;
    } else this.#at++;
  }

  #single(): void {
    const begin = this.#at++;
    for (; this.#at < this.#text.length; this.#at++) {
      if (!SINGLE.includes(this.#text[this.#at] ?? "")) continue;
      this.#at++;
      if (!SINGLE.includes(this.#text[this.#at] ?? " ")) return;
    }
    throw new Faulty("The string is missing the terminator: '.", begin);
  }

  #double(): void {
    const begin = this.#at++;
    while (this.#at < this.#text.length) {
      const next = this.#text[this.#at] ?? "";
      if (DOUBLE.includes(next)) {
        this.#at++;
        if (!DOUBLE.includes(this.#text[this.#at] ?? " ")) return;
        this.#at++;
      } else this.#inText(next);
    }
    throw new Faulty('The string is missing the terminator: ".', begin);
  }

  /** A character of a string with expressions. */
  #inText(next: string): void {
    if (next === "`") this.#at += 2;
    else if (next === "$" && this.#text[this.#at + 1] === "(") {
      this.#at++;
      this.#token();
    } else this.#at++;
  }

  #variable(): void {
    const end = this.#text.indexOf("}", this.#at);
    if (end < 0) throw new Faulty("The braced variable is missing its closing '}'.", this.#at);
    this.#at = end + 1;
  }

  #hereString(): void {
    const begin = this.#at;
    const quotes = SINGLE.includes(this.#text[begin + 1] ?? "") ? SINGLE : DOUBLE;
    const header = /[ \t\r]*\n/y;
    header.lastIndex = begin + 2;
    if (!header.test(this.#text)) {
      const message = "No characters are allowed after a here-string header but before the end of the line.";
      throw new Faulty(message, begin);
    }
    const end = new RegExp(`\\n[${quotes}]@`, "y");
    this.#at = header.lastIndex - 1;
    while (this.#at < this.#text.length) {
      end.lastIndex = this.#at;
      if (end.test(this.#text)) {
        this.#at = end.lastIndex;
        return;
      }
      if (quotes === DOUBLE) this.#inText(this.#text[this.#at] ?? "");
      else this.#at++;
    }
    const indented = new RegExp(`\\n[ \\t]+[${quotes}]@`).test(this.#text.slice(begin));
    throw new Faulty(
      indented
        ? "White space is not allowed before the string terminator."
        : `The string is missing the terminator: ${quotes[0]}@.`,
      begin,
    );
  }

  #isComment(): boolean {
    const isBlock = this.#text.startsWith("<#", this.#at);
    return (isBlock || this.#text[this.#at] === "#") && WORD_END.test(this.#text[this.#at - 1] ?? " ");
  }

  #comment(): void {
    const isLine = this.#text[this.#at] === "#";
    const end = this.#text.indexOf(isLine ? "\n" : "#>", this.#at);
    if (end < 0 && !isLine) throw new Faulty("The terminator '#>' is missing from the multiline comment.", this.#at);
    if (end < 0) this.#at = this.#text.length;
    else this.#at = isLine ? end : end + 2;
  }

  #skipBlank(): void {
    for (;;) {
      const next = this.#text[this.#at] ?? "";
      if (next !== "" && BLANK.test(next)) this.#at++;
      else if (next === "`" && /\s/.test(this.#text[this.#at + 1] ?? "")) this.#at += 2;
      else if (this.#isComment()) this.#comment();
      else return;
    }
  }

  /** The word at this position in lower case, if no word character follows. */
  #keyword(): string | undefined {
    const word = /[A-Za-z]+(?=[\s;({]|$)/y;
    word.lastIndex = this.#at;
    return word.exec(this.#text)?.[0].toLowerCase();
  }

  /** Whether a key of a hash table ends at a position. */
  #isKey(at: number): boolean {
    const key = /[ \t]*=/y;
    key.lastIndex = at;
    return key.test(this.#text);
  }

  /** One of these words, if it comes next, across line ends. */
  #takeAny(...words: readonly string[]): string | undefined {
    const before = this.#at;
    this.#skipBlank();
    const word = this.#keyword();
    if (word !== undefined && words.includes(word)) {
      this.#at += word.length;
      return word;
    }
    this.#at = before;
    return undefined;
  }
}
