#include "textflag.h"

TEXT ·add(SB), NOSPLIT, $0-24
	I64Load a+0(FP)
	I64Load b+8(FP)
	I64Add
	Set R0
	Get SP
	Get R0
	I64Store ret+16(FP)
	RET
