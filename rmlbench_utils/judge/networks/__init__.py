"""Networks: is a training the one that was asked for, and what did it learn?"""
