import { struct, type TpmType, type ValueOf } from '@tea/protocol/tpm';

/**
 * One command as Part 3 tabulates it: the handle area (`@` marks a handle that needs an authorization, as in the tables there), the
 * parameters, and what the response holds. `table.ts` lists them; `frame.ts` turns them into bytes.
 */
export type TpmCommand<H extends string, P, R> = {
  readonly name: string;
  readonly code: number;
  readonly handles: readonly H[];
  /** How many of the first handles need an authorization. */
  readonly authorizations: number;
  readonly parameters: TpmType<P>;
  /** The name of the response's handle, when there is one. */
  readonly returns: string | undefined;
  readonly response: TpmType<R>;
  readonly encryptable: Encryptable;
};

/** Which of a command's two parameter areas a session can encrypt: those that begin with a TPM2B (Part 1, 21.1). */
export type Encryptable = { readonly command: boolean; readonly response: boolean };

type Fields = Readonly<Record<string, TpmType<unknown>>>;
type Values<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };
type HandleName<S extends string> = S extends `@${infer N}` ? N : S;

export function command<const H extends readonly string[], const P extends Fields, const R extends Fields, const N extends string = never>(
  name: string,
  code: number,
  table: { readonly handles: H; readonly parameters: P; readonly returns?: N; readonly response: R },
): TpmCommand<HandleName<H[number]>, Values<P>, Values<R> & Readonly<Record<N, number>>> {
  return {
    name,
    code,
    handles: table.handles.map((handle) => handle.replace('@', '') as HandleName<H[number]>),
    authorizations: table.handles.filter((handle) => handle.startsWith('@')).length,
    parameters: struct(table.parameters),
    returns: table.returns,
    response: struct(table.response) as unknown as TpmType<Values<R> & Readonly<Record<N, number>>>,
    encryptable: { command: beginsWithTpm2b(table.parameters), response: beginsWithTpm2b(table.response) },
  };
}

function beginsWithTpm2b(fields: Fields): boolean {
  return Object.values(fields)[0]?.isTpm2b === true;
}
