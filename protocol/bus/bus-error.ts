import { errors } from '@nats-io/nats-core';
import { isTeaError, TeaError } from '../errors.ts';

const {
  AuthorizationError,
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} = errors;

/**
 * What a failure of the NATS client means to whoever asked; a TeaError stays as it is.
 * @param what the request, for the message, e.g. `'Fetching a block'`
 */
export function busError(error: unknown, what: string): TeaError {
  if (isTeaError(error)) return error;
  const root = error instanceof RequestError && error.cause !== undefined ? error.cause : error;
  if (root instanceof TimeoutError) {
    return new TeaError('timeout', `${what} got no answer in time`, {
      next: 'try again; if it repeats, look whether the service is alive',
      cause: error,
    });
  }
  if (root instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders())) {
    return new TeaError('unavailable', `${what} failed`, {
      expected: 'a service on the bus that answers',
      actual: 'none',
      next: 'start the service',
      cause: error,
    });
  }
  if (root instanceof PermissionViolationError) {
    return new TeaError('refused', `${what} is not allowed`, {
      expected: 'a subject of this user',
      actual: `${root.operation} of ${root.subject}`,
      cause: error,
    });
  }
  if (root instanceof AuthorizationError) {
    return new TeaError('refused', `${what} failed`, { expected: 'credentials that the bus knows', actual: 'others', cause: error });
  }
  if (root instanceof ConnectionError || root instanceof ClosedConnectionError || root instanceof DrainingConnectionError) {
    return new TeaError('unavailable', `${what} failed`, {
      expected: 'a connection to the bus',
      actual: root.message,
      next: 'look whether the bus is running',
      cause: error,
    });
  }
  return new TeaError('internal', `${what} failed`, { actual: error instanceof Error ? error.message : 'an unknown error', cause: error });
}
