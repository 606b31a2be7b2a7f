export declare const Tea: Record<string, object>;
