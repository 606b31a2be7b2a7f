import { printError } from "./files";
import { FEATURES } from "./model";
import { Text } from "./text";
import { proc_exit } from "./wasi";

const EXIT_BAD_CSV = 2;
const MAX_ROWS: f64 = 1_000_000;
const COMMA: u8 = 0x2c;
const NEWLINE: u8 = 0x0a;
const RETURN: u8 = 0x0d;

/**
 * Reads the data set strictly, a row at a time. The first line is `ROWS,30,malignant,benign`; each further line holds 30 decimal numbers and a
 * label, 0 for malignant or 1 for benign. At the first thing that is otherwise the program ends with code 2 and names the line, never the value:
 * the data may be somebody's secret, and the message may be read by somebody else.
 */
export class Csv {
  readonly rows: i32;
  readonly features: StaticArray<f64> = new StaticArray<f64>(FEATURES);
  isMalignant: bool = false;
  private line: i32 = 1;
  private field: i32 = 1;
  private at: i32 = 0;

  constructor(private bytes: Uint8Array) {
    if (bytes.length == 0) this.refuse("the file is empty; expected a header such as 569,30,malignant,benign");
    const rows = this.number();
    if (!(rows >= 0 && rows <= MAX_ROWS) || Math.floor(rows) != rows) this.refuse("the number of rows is not a whole number up to a million");
    this.rows = <i32>rows;
    this.comma();
    if (this.number() != <f64>FEATURES) this.refuse("the header does not announce 30 features; this model has 30");
    this.comma();
    this.word("malignant");
    this.comma();
    this.word("benign");
    this.endOfLine();
  }

  /** Moves to the next row; false after the last one that the header announced. */
  next(): bool {
    if (this.line - 2 == this.rows) {
      if (this.at < this.bytes.length) this.refuse("there are more rows than the header announces");
      return false;
    }
    if (this.at == this.bytes.length) this.refuse("the file ends before the number of rows that the header announces");
    for (let i = 0; i < FEATURES; i++) {
      this.features[i] = this.number();
      this.comma();
    }
    const label = this.number();
    if (label != 0 && label != 1) this.refuse("the label is neither 0 (malignant) nor 1 (benign)");
    this.isMalignant = label == 0;
    this.endOfLine();
    return true;
  }

  /** An unsigned or signed decimal number, with an exponent if need be. Exact up to 15 significant digits. */
  private number(): f64 {
    const negative = this.accept(0x2d);
    let mantissa: u64 = 0;
    let power = 0;
    let digits = 0;
    let afterPoint = false;
    for (; this.at < this.bytes.length; this.at++) {
      const byte = this.bytes[this.at];
      if (byte == 0x2e && !afterPoint) {
        afterPoint = true;
        continue;
      }
      if (byte < 0x30 || byte > 0x39) break;
      digits++;
      if (mantissa < 100_000_000_000_000_000) {
        mantissa = mantissa * 10 + (byte - 0x30);
        if (afterPoint) power--;
      } else if (!afterPoint) power++;
    }
    if (digits == 0) this.refuse("expected a number");
    if (this.accept(0x65) || this.accept(0x45)) power += this.exponent();
    const magnitude = power < 0 ? <f64>mantissa / tenTo(-power) : <f64>mantissa * tenTo(power);
    return negative ? -magnitude : magnitude;
  }

  private exponent(): i32 {
    const negative = this.accept(0x2d);
    if (!negative) this.accept(0x2b);
    let value = 0;
    let digits = 0;
    for (; this.at < this.bytes.length; this.at++, digits++) {
      const byte = this.bytes[this.at];
      if (byte < 0x30 || byte > 0x39) break;
      value = value * 10 + (byte - 0x30);
      if (value > 300) this.refuse("the exponent is too large");
    }
    if (digits == 0) this.refuse("expected an exponent");
    return negative ? -value : value;
  }

  private word(word: string): void {
    for (let i = 0; i < word.length; i++) if (!this.accept(<u8>word.charCodeAt(i))) this.refuse("the classes are not malignant,benign");
  }

  private comma(): void {
    if (!this.accept(COMMA)) this.refuse("expected a comma after the field");
    this.field++;
  }

  private endOfLine(): void {
    this.accept(RETURN);
    if (this.at < this.bytes.length && !this.accept(NEWLINE)) this.refuse("expected the end of the line");
    this.line++;
    this.field = 1;
  }

  private accept(byte: u8): bool {
    if (this.at >= this.bytes.length || this.bytes[this.at] != byte) return false;
    this.at++;
    return true;
  }

  private refuse(reason: string): void {
    const where = new Text().ascii("classifier: /data/0 line ").integer(this.line).ascii(", field ").integer(this.field);
    printError(where.ascii(": ").ascii(reason).ascii("\n"));
    proc_exit(EXIT_BAD_CSV);
  }
}

function tenTo(power: i32): f64 {
  let result: f64 = 1;
  for (let i = 0; i < power; i++) result *= 10;
  return result;
}
