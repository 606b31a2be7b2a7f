/** ASCII text under construction. */
export class Text {
  bytes: Uint8Array = new Uint8Array(1024);
  length: i32 = 0;

  ascii(text: string): Text {
    for (let i = 0; i < text.length; i++) this.byte(<u8>text.charCodeAt(i));
    return this;
  }

  integer(value: i64): Text {
    if (value < 0) this.byte(0x2d);
    let rest: u64 = value < 0 ? <u64>-value : <u64>value;
    let power: u64 = 1;
    while (rest / power >= 10) power *= 10;
    for (; power > 0; power /= 10) {
      this.byte(0x30 + <u8>(rest / power));
      rest %= power;
    }
    return this;
  }

  /** A number from 0 to 1 with that many decimals, rounded half up. */
  fraction(value: f64, decimals: i32): Text {
    let scale: i64 = 1;
    for (let i = 0; i < decimals; i++) scale *= 10;
    const scaled = <i64>Math.floor(value * <f64>scale + 0.5);
    this.integer(scaled / scale).byte(0x2e);
    let rest = scaled % scale;
    for (let power = scale / 10; power > 0; power /= 10) {
      this.byte(0x30 + <u8>(rest / power));
      rest %= power;
    }
    return this;
  }

  private byte(value: u8): void {
    if (this.length == this.bytes.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = value;
  }
}
